// Timelines, lists, hashtags, conversations, filters, markers, search, and pages.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ada, ben, cai, dee, kent, until } from "./people.mjs";

const ids = (found) => found.map((one) => one.id);

test("home, local, federated and tagged timelines hold what they should", async () => {
  await ada.v1.accounts.$select(ben.id).follow();
  const made = await ben.write("A word on #kerbs");
  assert.equal((await ada.v1.timelines.home.list({ limit: 1 }))[0].id, made.id);
  assert.equal((await cai.v1.timelines.public.list({ local: true, limit: 1 }))[0].id, made.id);
  assert.deepEqual(ids(await cai.v1.timelines.tag.$select("kerbs").list()), [made.id]);
  assert.equal((await cai.v1.accounts.$select(ben.id).statuses.list({ limit: 1 }))[0].id, made.id);
  assert.deepEqual(ids(await cai.v1.accounts.$select(ben.id).statuses.list({ tagged: "kerbs" })), [made.id]);
});

test("a paginator goes on to the end and misses nothing", async () => {
  const made = [];
  for (const word of ["one", "two", "three", "four", "five"]) {
    made.unshift((await cai.write(`Page ${word}`, { visibility: "private" })).id);
  }
  const found = [];
  for await (const page of cai.v1.accounts.$select(cai.id).statuses.list({ limit: 2 })) {
    assert.ok(page.length <= 2);
    found.push(...ids(page));
  }
  assert.deepEqual(found.slice(0, made.length), made);
  assert.equal(new Set(found).size, found.length);
});

test("a list holds whom one put into it", async () => {
  const list = await ada.v1.lists.create({ title: "Roads", exclusive: true });
  assert.deepEqual([list.title, list.exclusive], ["Roads", true]);
  const one = () => ada.v1.lists.$select(list.id);
  assert.equal((await one().fetch()).title, "Roads");
  assert.equal((await one().update({ title: "Kerbs", exclusive: false })).title, "Kerbs");
  assert.ok(ids(await ada.v1.lists.list()).includes(list.id));
  await one().accounts.create({ accountIds: [ben.id] });
  assert.deepEqual(ids(await one().accounts.list()), [ben.id]);
  assert.deepEqual(ids(await ada.v1.accounts.$select(ben.id).lists.list()), [list.id]);
  const made = await ben.write("For the list");
  assert.equal((await ada.v1.timelines.list.$select(list.id).list({ limit: 1 }))[0].id, made.id);
  await one().accounts.remove({ accountIds: [ben.id] });
  assert.deepEqual(await one().accounts.list(), []);
  await one().remove();
});

test("a hashtag is followed", async () => {
  assert.equal((await cai.v1.tags.$select("kerbs").fetch()).following, false);
  assert.equal((await cai.v1.tags.$select("kerbs").follow()).following, true);
  assert.deepEqual((await cai.v1.followedTags.list()).map((one) => one.name), ["kerbs"]);
  assert.equal((await cai.v1.tags.$select("kerbs").unfollow()).following, false);
});

test("a conversation is read, kept for later and put away", async () => {
  const made = await ben.write("@ada between us", { visibility: "direct" });
  assert.equal((await ada.v1.timelines.direct.list({ limit: 1 }))[0].id, made.id);
  const [held] = await ada.v1.conversations.list();
  assert.equal(held.lastStatus.id, made.id);
  assert.equal((await ada.v1.conversations.$select(held.id).read()).unread, false);
  assert.equal((await ada.v1.conversations.$select(held.id).unread()).unread, true);
  await ada.v1.conversations.$select(held.id).remove();
  assert.ok(!ids(await ada.v1.conversations.list()).includes(held.id));
});

test("a filter of the second version says what it found", async () => {
  const filter = await ada.v2.filters.create({
    title: "Moles", context: ["home", "public"], filterAction: "warn", keywordsAttributes: [{ keyword: "mole" }],
  });
  const one = () => ada.v2.filters.$select(filter.id);
  assert.equal((await one().fetch()).keywords[0].keyword, "mole");
  const keyword = await one().keywords.create({ keyword: "vole", wholeWord: true });
  assert.equal((await one().keywords.list()).length, 2);
  const named = () => ada.v2.filters.keywords.$select(keyword.id);
  assert.equal((await named().fetch()).wholeWord, true);
  assert.equal((await named().update({ keyword: "voles" })).keyword, "voles");
  await named().remove();
  const made = await ben.write("A mole in the verge");
  const [seen] = await ada.v1.timelines.home.list({ limit: 1 });
  assert.deepEqual([seen.id, seen.filtered[0].keywordMatches], [made.id, ["mole"]]);
  const status = await one().statuses.create({ statusId: made.id });
  assert.deepEqual(ids(await one().statuses.list()), [status.id]);
  assert.equal((await ada.v2.filters.statuses.$select(status.id).fetch()).statusId, made.id);
  await ada.v2.filters.statuses.$select(status.id).remove();
  assert.equal((await one().update({ title: "Pests", expiresIn: 600 })).title, "Pests");
  assert.ok(ids(await ada.v2.filters.list()).includes(filter.id));
  await one().remove();
});

test("a filter of the first version, too", async () => {
  const filter = await ada.v1.filters.create({ phrase: "mole", context: ["home"] });
  const one = () => ada.v1.filters.$select(filter.id);
  assert.equal((await one().fetch()).phrase, "mole");
  assert.equal((await one().update({ phrase: "vole", context: ["home"] })).phrase, "vole");
  assert.ok(ids(await ada.v1.filters.list()).includes(filter.id));
  await one().remove();
});

test("a marker is kept", async () => {
  const [{ id }] = await ada.v1.timelines.home.list({ limit: 1 });
  assert.equal((await ada.v1.markers.create({ home: { lastReadId: id } })).home.lastReadId, id);
  assert.equal((await ada.v1.markers.fetch({ timeline: ["home"] })).home.lastReadId, id);
});

test("a search finds people, statuses and hashtags, and what lies at another council", async () => {
  const made = await ben.write("A word on #dropped #kerbs");
  const found = await ada.v2.search.list({ q: "kerbs" });
  assert.ok(found.hashtags.some((one) => one.name === "kerbs"));
  assert.deepEqual(ids((await ada.v2.search.list({ q: "ben", type: "accounts" })).accounts), [ben.id]);
  const { statuses: [status] } = await dee.v2.search.list({ q: made.uri, resolve: true });
  assert.deepEqual([status.uri, status.account.acct], [made.uri, `ben@${kent.domain}`]);
  assert.ok(Array.isArray((await ada.v1.search.list({ q: "kerbs" })).hashtags));
});

test("what is written at one council is read at the other", async () => {
  const { accounts: [bens] } = await dee.v2.search.list({ q: `ben@${kent.domain}`, resolve: true });
  await dee.v1.accounts.$select(bens.id).follow();
  await until(async () => (await dee.v1.accounts.relationships.fetch({ id: [bens.id] }))[0].following);
  const made = await ben.write("To Devon");
  const seen = await until(async () => {
    const home = await dee.v1.timelines.home.list();
    return home.find((one) => one.uri === made.uri);
  });
  assert.equal((await dee.v1.timelines.public.list({ remote: true, limit: 1 }))[0].id, seen.id);
  assert.ok((await dee.v1.instance.peers.list()).includes(kent.domain));
});
