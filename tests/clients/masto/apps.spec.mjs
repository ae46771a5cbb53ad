// Applications, signing in and out, joining, what a node says of itself.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MastoHttpError } from "masto";

import { NOWHERE, SCOPES, ada, ben, cai, dee, here, kent, password } from "./people.mjs";

test("an application knows itself by its token", async () => {
  const { accessToken, scope } = await here.oauth.token.create({
    ...here.secrets, grantType: "client_credentials", scope: "read",
  });
  assert.equal(scope, "read");
  const known = await here.rest(accessToken).v1.apps.verifyCredentials();
  assert.equal(known.name, "masto.js");
  assert.deepEqual(known.redirectUris, [NOWHERE]);
  assert.deepEqual(known.scopes, SCOPES.split(" "));
});

test("everybody is who they signed in as", () => {
  for (const person of [ada, ben, cai, dee]) {
    assert.equal(person.account.acct, person.name);
    assert.equal(person.account.source.privacy, "public");
  }
});

test("somebody joins by themselves, and is told every fault of a form at once", async () => {
  const { accessToken } = await here.oauth.token.create({
    ...here.secrets, grantType: "client_credentials", scope: SCOPES,
  });
  const { v1 } = here.rest(accessToken);
  const form = { username: "eve", email: "eve@kent.example", password, agreement: true, locale: "en" };
  const token = await v1.accounts.create(form);
  const eve = here.rest(token.accessToken);
  assert.equal((await eve.v1.accounts.verifyCredentials()).username, "eve");
  await eve.v1.emails.confirmations.create({ email: "eve@kent.example" });

  const refused = await v1.accounts.create({ username: "", email: "", password: "", agreement: false, locale: "en" })
    .catch((error) => error);
  assert.ok(refused instanceof MastoHttpError);
  assert.equal(refused.statusCode, 422);
  assert.deepEqual(Object.keys(refused.details).toSorted(), ["agreement", "email", "password", "username"]);
});

test("a token that was revoked opens nothing", async () => {
  const asked = { ...here.secrets, grantType: "password", username: "cai", password, scope: "read" };
  const { accessToken } = await here.oauth.token.create(asked);
  const { clientId, clientSecret } = here.secrets;
  await here.oauth.revoke({ clientId, clientSecret, token: accessToken });
  const refused = await here.rest(accessToken).v1.accounts.verifyCredentials().catch((error) => error);
  assert.equal(refused.statusCode, 401);
});

test("a node says what it is", async () => {
  const { v1, v2 } = here.rest();
  const [first, second] = [await v1.instance.fetch(), await v2.instance.fetch()];
  assert.equal(first.uri, kent.domain);
  assert.equal(second.domain, kent.domain);
  assert.equal(second.apiVersions.mastodon >= 2, true);
  assert.match(second.configuration.urls.streaming, /^ws:/);
  assert.equal(typeof (await v1.instance.extendedDescription.fetch()).content, "string");
  assert.deepEqual(await v1.instance.translationLanguages.list(), {});
  assert.ok(Array.isArray(await v1.instance.languages.list()));
  assert.ok(Array.isArray(await v1.instance.activity.list()));
  assert.ok(Array.isArray(await v1.instance.domainBlocks.fetch()));
  assert.deepEqual(await v1.customEmojis.list(), []);
});

test("what there is none of is an empty list", async () => {
  const { v1 } = ada;
  for (const none of [v1.announcements, v1.trends.tags, v1.trends.statuses, v1.trends.links, v1.admin.trends.tags,
    v1.admin.trends.statuses, v1.admin.trends.links, v1.admin.trends.links.publishers]) {
    assert.deepEqual(await none.list(), []);
  }
  assert.deepEqual(await v1.accounts.$select(ben.id).identityProofs.list(), []);
  assert.deepEqual((await v1.annualReports.list()).annualReports, []);
  assert.deepEqual(await v1.annualReports.$select("2025").state.fetch(), { state: "ineligible" });
  await v1.annualReports.$select("2025").generate();
});
