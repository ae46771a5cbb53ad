// Streaming by WebSocket: one connection, any number of streams.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { MastoUnexpectedError } from "masto";

import { PNG } from "./files.mjs";
import { ada, ben, cai, dee, devon } from "./people.mjs";
import { declared, holds, watched } from "./watched.mjs";

// Ben hears; one connection carries all that is asked of it below.
const stream = await ben.listening();
const streaming = watched("streaming", stream);

const tag = () => `t${randomBytes(6).toString("hex")}`;

// Gives the next event of a stream, held against its declared type.
async function next(events, wanted = () => true) {
  for (;;) {
    const { value: event } = await events.next();
    holds([declared.event], event, `the event ${event.event}`);
    if (wanted(event)) return event;
  }
}

// Does something again and again until the stream, which is being opened meanwhile, carries it.
async function heard(events, act, wanted) {
  const event = next(events, wanted);
  let came = false;
  const ends = event.finally(() => (came = true));
  while (!came) {
    await act();
    await Promise.race([ends, wait(500)]);
  }
  return event;
}

const saying = (word) => (event) => event.event === "update" && event.payload.content.includes(word);

test("a status comes in every stream that it belongs in", async () => {
  const name = tag();
  const list = await ben.v1.lists.create({ title: "Heard" });
  await ben.v1.accounts.$select(ada.id).follow();
  await ben.v1.lists.$select(list.id).accounts.create({ accountIds: [ada.id] });
  const open = {
    public: streaming.public.subscribe(),
    "public:local": streaming.public.local.subscribe(),
    "public:media": streaming.public.media.subscribe(),
    "public:local:media": streaming.public.local.media.subscribe(),
    hashtag: streaming.hashtag.subscribe({ tag: name }),
    "hashtag:local": streaming.hashtag.local.subscribe({ tag: name }),
    user: streaming.user.subscribe(),
    list: streaming.list.subscribe({ list: list.id }),
  };
  const write = async () => {
    const { id } = await ada.v2.media.create({ file: PNG, skipPolling: true });
    await ada.write(`See #${name}`, { mediaIds: [id] });
  };
  for (const [label, subscription] of Object.entries(open)) {
    const event = await heard(subscription.values(), write, saying(name));
    assert.equal(event.stream[0], label);
    assert.equal(event.payload.account.id, ada.id);
    subscription.unsubscribe();
  }
});

test("what comes from another council comes in the streams for that", async () => {
  const word = tag();
  const { accounts: [dees] } = await ben.v2.search.list({ q: `dee@${devon.domain}`, resolve: true });
  await ben.v1.accounts.$select(dees.id).follow();
  const write = async () => {
    const { id } = await dee.v2.media.create({ file: PNG, skipPolling: true });
    await dee.write(`See ${word}`, { mediaIds: [id] });
  };
  for (const subscription of [streaming.public.remote.subscribe(), streaming.public.remote.media.subscribe()]) {
    assert.equal((await heard(subscription.values(), write, saying(word))).payload.account.id, dees.id);
    subscription.unsubscribe();
  }
});

test("an edit and a removal come, and no removal of what never was in the stream", async () => {
  const name = tag();
  const subscription = streaming.hashtag.subscribe({ tag: name });
  const events = subscription.values();
  const other = await ada.write("Nothing to do with it");
  const { payload: { id } } = await heard(events, () => ada.write(`See #${name}`), saying(name));
  await ada.v1.statuses.$select(other.id).remove();
  await ada.v1.statuses.$select(id).update({ status: `Look at #${name}` });
  await ada.v1.statuses.$select(id).remove();
  const isOther = (event) => event.event !== "update";
  const edited = await next(events, isOther);
  assert.deepEqual([edited.event, edited.payload.id], ["status.update", id]);
  const gone = await next(events, isOther);
  assert.deepEqual([gone.event, gone.payload], ["delete", id]);
  subscription.unsubscribe();
});

test("a follow is told each time that somebody follows", async () => {
  const subscription = streaming.user.notification.subscribe();
  const events = subscription.values();
  for (let times = 0; times < 2; times += 1) {
    const event = await heard(events, async () => {
      await cai.v1.accounts.$select(ben.id).unfollow();
      await cai.v1.accounts.$select(ben.id).follow();
    });
    assert.deepEqual([event.event, event.payload.type, event.payload.account.id], ["notification", "follow", cai.id]);
  }
  subscription.unsubscribe();
});

test("a conversation comes", async () => {
  const subscription = streaming.direct.subscribe();
  const event = await heard(subscription.values(), () => ada.write("@ben a word", { visibility: "direct" }));
  assert.equal(event.event, "conversation");
  assert.deepEqual(event.payload.accounts.map((one) => one.id), [ada.id]);
  subscription.unsubscribe();
});

test("one subscription ends and another to the same stream goes on", async () => {
  const name = tag();
  const [ends, stays] = [streaming.hashtag.subscribe({ tag: name }), streaming.hashtag.subscribe({ tag: name })];
  const events = stays.values();
  const write = () => ada.write(`See #${name}`);
  await heard(events, write, saying(name));
  ends.unsubscribe();
  ends.unsubscribe();
  assert.equal((await heard(events, write, saying(name))).payload.account.id, ada.id);
  stays.unsubscribe();
});

test("a stream without a name is refused", async () => {
  await assert.rejects(next(streaming.hashtag.subscribe({ tag: "" }).values()), MastoUnexpectedError);
});

test("the connection ends", () => watched("streaming", stream).close());
