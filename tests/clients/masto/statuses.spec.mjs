// Writing, reading and doing things with statuses; media, polls and statuses that wait.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MastoHttpError } from "masto";

import { PNG } from "./files.mjs";
import { ada, ben, cai } from "./people.mjs";

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
const IN_TWO_HOURS = new Date(Date.now() + 7_200_000).toISOString();

test("a status is written, read, edited and deleted", async () => {
  const made = await ada.write("Which gully?", { spoilerText: "Gullies", visibility: "unlisted", language: "en" });
  assert.deepEqual([made.spoilerText, made.visibility, made.language], ["Gullies", "unlisted", "en"]);
  assert.equal((await ben.v1.statuses.$select(made.id).fetch()).content, made.content);
  assert.deepEqual((await ben.v1.statuses.fetch({ id: [made.id] })).map((one) => one.id), [made.id]);
  assert.equal((await ada.v1.statuses.$select(made.id).source.fetch()).text, "Which gully?");
  const edited = await ada.v1.statuses.$select(made.id).update({ status: "Which gullies?" });
  assert.match(edited.content, /gullies/);
  const history = await ben.v1.statuses.$select(made.id).history.list();
  assert.deepEqual(history.map((one) => one.content.includes("gullies")), [false, true]);
  const gone = await ada.v1.statuses.$select(made.id).remove();
  assert.equal(gone.text, "Which gullies?");
  const missing = await ada.v1.statuses.$select(made.id).fetch().catch((error) => error);
  assert.equal(missing.statusCode, 404);
});

test("a reply stands in its thread", async () => {
  const asked = await ada.write("Which grit?");
  const answered = await ben.write("@ada the coarse one", { inReplyToId: asked.id });
  assert.deepEqual([answered.inReplyToId, answered.inReplyToAccountId], [asked.id, ada.id]);
  const { descendants } = await cai.v1.statuses.$select(asked.id).context.fetch();
  assert.deepEqual(descendants.map((one) => one.id), [answered.id]);
  const { ancestors } = await cai.v1.statuses.$select(answered.id).context.fetch();
  assert.deepEqual(ancestors.map((one) => one.id), [asked.id]);
});

test("the same key writes one status", async () => {
  const meta = { requestInit: { headers: { "Idempotency-Key": "one and the same" } } };
  const first = await ada.v1.statuses.create({ status: "Once" }, meta);
  assert.equal((await ada.v1.statuses.create({ status: "Once" }, meta)).id, first.id);
});

test("nobody is written to whom the client does not expect", async () => {
  const refused = await ada.write("@ben hello", { allowedMentions: [] }).catch((error) => error);
  assert.ok(refused instanceof MastoHttpError);
  assert.deepEqual(refused.additionalProperties.unexpectedAccounts.map((one) => one.id), [ben.id]);
  assert.equal((await ada.write("@ben hello", { allowedMentions: [ben.id] })).mentions[0].id, ben.id);
});

test("what is done with a status is shown, and undone", async () => {
  const { id } = await ada.write("Salt is here");
  const status = () => ben.v1.statuses.$select(id);
  assert.equal((await status().favourite()).favourited, true);
  assert.deepEqual((await status().favouritedBy.list()).map((one) => one.id), [ben.id]);
  assert.deepEqual((await ben.v1.favourites.list()).map((one) => one.id), [id]);
  assert.equal((await status().unfavourite()).favourited, false);
  assert.equal((await status().bookmark()).bookmarked, true);
  assert.deepEqual((await ben.v1.bookmarks.list()).map((one) => one.id), [id]);
  assert.equal((await status().unbookmark()).bookmarked, false);
  assert.equal((await status().reblog({ visibility: "unlisted" })).reblog.id, id);
  assert.deepEqual((await status().rebloggedBy.list()).map((one) => one.id), [ben.id]);
  assert.equal((await status().unreblog()).reblogged, false);
  assert.equal((await ada.v1.statuses.$select(id).pin()).pinned, true);
  const pinned = await ben.v1.accounts.$select(ada.id).statuses.list({ pinned: true });
  assert.deepEqual(pinned.map((one) => one.id), [id]);
  assert.equal((await ada.v1.statuses.$select(id).unpin()).pinned, false);
  assert.equal((await ada.v1.statuses.$select(id).mute()).muted, true);
  assert.equal((await ada.v1.statuses.$select(id).unmute()).muted, false);
});

test("a status is quoted, with the consent of who wrote it", async () => {
  const { id } = await ada.write("Grit is here", { quoteApprovalPolicy: "public" });
  const quoting = await ben.write("Look at this", { quotedStatusId: id });
  assert.deepEqual([quoting.quote.state, quoting.quote.quotedStatus.id], ["accepted", id]);
  const quoted = await ben.v1.statuses.$select(id).fetch();
  assert.deepEqual([quoted.quotesCount, quoted.quoteApproval.currentUser], [1, "automatic"]);
  assert.deepEqual((await cai.v1.statuses.$select(id).quotes.list()).map((one) => one.id), [quoting.id]);
  const mine = await ada.write("Mine alone", { quoteApprovalPolicy: "nobody" });
  const refused = await ben.write("Look at that", { quotedStatusId: mine.id }).catch((error) => error);
  assert.equal(refused.statusCode, 404);
});

test("a picture is described, attached and described anew", async () => {
  const media = await ada.v2.media.create({ file: PNG, description: "A gully", focus: "0.5,-0.5" });
  assert.deepEqual([media.type, media.description], ["image", "A gully"]);
  assert.equal((await ada.v1.media.$select(media.id).fetch()).url, media.url);
  assert.equal((await ada.v1.media.$select(media.id).update({ description: "Grit" })).description, "Grit");
  const older = await ada.v1.media.create({ file: PNG });
  const made = await ada.v1.statuses.create({ status: "", mediaIds: [media.id, older.id] });
  assert.deepEqual(made.mediaAttachments.map((one) => one.id), [media.id, older.id]);
  const edited = await ada.v1.statuses.$select(made.id).update({
    status: "These", mediaIds: [media.id], mediaAttributes: [{ id: media.id, description: "Salt" }],
  });
  assert.deepEqual(edited.mediaAttachments.map((one) => one.description), ["Salt"]);
  const shown = await ben.v1.accounts.$select(ada.id).statuses.list({ onlyMedia: true });
  assert.deepEqual(shown.map((one) => one.id), [made.id]);
});

test("people vote in a poll", async () => {
  const made = await ada.write("Salt or grit?", { poll: { options: ["Salt", "Grit"], expiresIn: 600, multiple: true } });
  const poll = await ben.v1.polls.$select(made.poll.id).fetch();
  assert.deepEqual([poll.multiple, poll.voted, poll.votesCount], [true, false, 0]);
  const voted = await ben.v1.polls.$select(made.poll.id).votes.create({ choices: [0, 1] });
  assert.deepEqual([voted.voted, voted.ownVotes, voted.votersCount], [true, [0, 1], 1]);
});

test("a status waits for its time", async () => {
  const waiting = await ada.v1.statuses.create({ status: "Tomorrow", scheduledAt: IN_AN_HOUR });
  assert.equal(waiting.params.text, "Tomorrow");
  assert.deepEqual((await ada.v1.scheduledStatuses.list()).map((one) => one.id), [waiting.id]);
  const one = () => ada.v1.scheduledStatuses.$select(waiting.id);
  assert.equal((await one().fetch()).scheduledAt, waiting.scheduledAt);
  assert.ok((await one().update({ scheduledAt: IN_TWO_HOURS })).scheduledAt > waiting.scheduledAt);
  await one().remove();
  assert.deepEqual(await ada.v1.scheduledStatuses.list(), []);
});

test("nothing is translated, and that is said", async () => {
  const { id } = await ada.write("Halen neu raean?", { language: "cy" });
  const refused = await ben.v1.statuses.$select(id).translate({ lang: "en" }).catch((error) => error);
  assert.equal(refused.statusCode, 404);
});
