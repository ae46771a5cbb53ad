// Accounts, and how people stand to each other, here and at another council.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PNG } from "./files.mjs";
import { ada, ben, cai, dee, devon, until } from "./people.mjs";

const bens = ada.v1.accounts.$select(ben.id);

test("an account is found by id, by name and in a search", async () => {
  assert.equal((await ada.v1.accounts.$select(ben.id).fetch()).acct, "ben");
  assert.equal((await ada.v1.accounts.lookup({ acct: "@ben" })).id, ben.id);
  const several = await ada.v1.accounts.fetch({ id: [ben.id, cai.id] });
  assert.deepEqual(several.map((one) => one.acct), ["ben", "cai"]);
  assert.deepEqual((await ada.v1.accounts.search.list({ q: "be" })).map((one) => one.id), [ben.id]);
  const missing = await ada.v1.accounts.lookup({ acct: "nobody" }).catch((error) => error);
  assert.equal(missing.statusCode, 404);
});

test("a profile changes, pictures and fields and all", async () => {
  const changed = await ben.v1.accounts.updateCredentials({
    displayName: "Ben of Kent", note: "Gullies", avatar: PNG, header: PNG, bot: false,
    fieldsAttributes: [{ name: "Council", value: "Kent" }],
    source: { privacy: "unlisted", language: "en" },
  });
  assert.equal(changed.displayName, "Ben of Kent");
  assert.deepEqual(changed.fields.map(({ name, value }) => [name, value]), [["Council", "Kent"]]);
  assert.equal(changed.source.privacy, "unlisted");
  assert.notEqual(changed.avatar, ben.account.avatar);
  // What JavaScript leaves undefined stands as the word in a form: nothing of it is to change.
  const same = await ben.v1.accounts.updateCredentials({ fieldsAttributes: undefined, source: { privacy: "public" } });
  assert.deepEqual(same.fields, changed.fields);

  assert.equal((await ben.v1.profile.fetch()).note, "Gullies");
  assert.equal((await ben.v1.profile.update({ note: "Grit" })).note, "Grit");
  assert.equal((await ben.v1.profile.avatar.remove()).avatar, ben.account.avatar);
  assert.equal((await ben.v1.profile.header.remove()).header, ben.account.header);
  assert.equal((await ben.v1.preferences.fetch())["posting:default:visibility"], "public");
});

test("one follows, and is followed no more", async () => {
  const followed = await ada.v1.accounts.$select(ben.id).follow({ reblogs: false, notify: true });
  assert.deepEqual([followed.following, followed.showingReblogs, followed.notifying], [true, false, true]);
  assert.deepEqual((await ada.v1.accounts.$select(ada.id).following.list()).map((one) => one.id), [ben.id]);
  assert.deepEqual((await ada.v1.accounts.$select(ben.id).followers.list()).map((one) => one.id), [ada.id]);
  const [known, unknown] = await ada.v1.accounts.relationships.fetch({ id: [ben.id, cai.id] });
  assert.deepEqual([known.following, unknown.following], [true, false]);

  await cai.v1.accounts.$select(ada.id).follow();
  // The list alone, which the types want, becomes a query that names no `id`.
  const [familiar] = await cai.v1.accounts.familiarFollowers.fetch({ id: [ben.id] });
  assert.deepEqual(familiar.accounts.map((one) => one.id), [ada.id]);
  await ben.v1.accounts.$select(ada.id).removeFromFollowers();
  assert.equal((await ada.v1.accounts.relationships.fetch({ id: [ben.id] }))[0].following, false);
  assert.equal((await cai.v1.accounts.$select(ada.id).unfollow()).following, false);
});

test("one points to whom one follows", async () => {
  await bens.follow();
  assert.equal((await ada.v1.accounts.$select(ben.id).endorse()).endorsed, true);
  assert.deepEqual((await ada.v1.endorsements.list()).map((one) => one.id), [ben.id]);
  assert.deepEqual((await ben.v1.accounts.$select(ada.id).endorsements.list()).map((one) => one.id), [ben.id]);
  assert.equal((await ada.v1.accounts.$select(ben.id).unendorse()).endorsed, false);
  assert.equal((await ada.v1.accounts.$select(ben.id).pin()).endorsed, true);
  // Who is followed no more is pointed to no more, and the answer says so.
  assert.equal((await ada.v1.accounts.$select(ben.id).unfollow()).endorsed, false);
  assert.equal((await ada.v1.accounts.$select(ben.id).unpin()).endorsed, false);
});

test("one mutes, blocks and remarks", async () => {
  const muted = await ada.v1.accounts.$select(ben.id).mute({ notifications: true, duration: 600 });
  assert.deepEqual([muted.muting, muted.mutingNotifications], [true, true]);
  assert.deepEqual((await ada.v1.mutes.list()).map((one) => one.id), [ben.id]);
  assert.equal((await ada.v1.accounts.$select(ben.id).unmute()).muting, false);
  assert.equal((await ada.v1.accounts.$select(ben.id).block()).blocking, true);
  assert.deepEqual((await ada.v1.blocks.list()).map((one) => one.id), [ben.id]);
  assert.equal((await ada.v1.accounts.$select(ben.id).unblock()).blocking, false);
  assert.equal((await ada.v1.accounts.$select(ben.id).note.create({ comment: "grit" })).note, "grit");
});

test("a node is muted and heard again", async () => {
  await cai.v1.domainBlocks.create({ domain: devon.domain });
  assert.deepEqual(await cai.v1.domainBlocks.list(), [devon.domain]);
  await cai.v1.domainBlocks.remove({ domain: devon.domain });
  assert.deepEqual(await cai.v1.domainBlocks.list(), []);
});

test("whoever approves their followers decides, here and for another council", async () => {
  await cai.v1.accounts.updateCredentials({ locked: true });
  assert.equal((await ben.v1.accounts.$select(cai.id).follow()).requested, true);
  const { accounts: [remote] } = await dee.v2.search.list({ q: `@cai@${ada.council.instance.domain}`, resolve: true });
  await dee.v1.accounts.$select(remote.id).follow();
  const waiting = await until(async () => {
    const found = await cai.v1.followRequests.list();
    return found.length === 2 && found;
  });
  const dees = waiting.find((one) => one.username === "dee");
  assert.equal(dees.acct, `dee@${devon.domain}`);
  assert.equal((await cai.v1.followRequests.$select(ben.id).reject()).followedBy, false);
  assert.equal((await cai.v1.followRequests.$select(dees.id).authorize()).followedBy, true);
  await until(async () => (await dee.v1.accounts.relationships.fetch({ id: [remote.id] }))[0].following);
  await cai.v1.accounts.updateCredentials({ locked: false });
});

test("people who want to be found are found", async () => {
  await ben.v1.accounts.updateCredentials({ discoverable: true });
  assert.ok((await ada.v1.directory.list({ local: true })).some((one) => one.id === ben.id));
  const suggested = await ada.v2.suggestions.list();
  assert.ok(suggested.some((one) => one.account.id === ben.id));
  assert.ok((await ada.v1.suggestions.list()).some((one) => one.id === ben.id));
  await ada.v1.suggestions.$select(ben.id).remove();
  await ben.v1.accounts.updateCredentials({ discoverable: false });
});

test("hashtags are featured on a profile", async () => {
  await ben.write("Something on #gullies");
  const featured = await ben.v1.featuredTags.create({ name: "gullies" });
  assert.equal(featured.name, "gullies");
  assert.deepEqual((await ben.v1.featuredTags.list()).map((one) => one.id), [featured.id]);
  assert.deepEqual((await ada.v1.accounts.$select(ben.id).featuredTags.list()).map((one) => one.name), ["gullies"]);
  assert.ok(Array.isArray(await ben.v1.featuredTags.suggestions.list()));
  await ben.v1.featuredTags.$select(featured.id).remove();
  assert.equal((await ben.v1.tags.$select("gullies").feature()).featuring, true);
  assert.equal((await ben.v1.tags.$select("gullies").unfeature()).featuring, false);
});
