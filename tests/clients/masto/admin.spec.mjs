// What admins decide: the federation list, people and reports.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ada, ben, cai, devon, here } from "./people.mjs";


test("a council is allowed, shown and allowed no more", async () => {
  const made = await ada.v1.admin.domainAllows.create({ domain: "essex.example" });
  assert.equal(made.domain, "essex.example");
  assert.equal((await ada.v1.admin.domainAllows.create({ domain: "essex.example" })).id, made.id);
  assert.equal((await ada.v1.admin.domainAllows.$select(made.id).fetch()).createdAt, made.createdAt);
  const listed = (await ada.v1.admin.domainAllows.list()).map((one) => one.domain);
  assert.deepEqual(listed.toSorted(), [devon.domain, "essex.example"].toSorted());
  await ada.v1.admin.domainAllows.$select(made.id).remove();
  const missing = await ada.v1.admin.domainAllows.$select(made.id).fetch().catch((error) => error);
  assert.equal(missing.statusCode, 404);
  const blank = await ada.v1.admin.domainAllows.create({ domain: "" }).catch((error) => error);
  assert.equal(blank.statusCode, 422);
});

test("the federation list is for admins", async () => {
  const refused = await ben.v1.admin.domainAllows.list().then(() => undefined, (error) => error);
  assert.equal(refused.statusCode, 403);
});

test("a node is denied, for a reason that can change", async () => {
  const made = await ada.v1.admin.domainBlocks.create({ domain: "spam.example", severity: "suspend", privateComment: "spam" });
  assert.deepEqual([made.domain, made.severity, made.privateComment], ["spam.example", "suspend", "spam"]);
  const one = () => ada.v1.admin.domainBlocks.$select(made.id);
  assert.equal((await one().update({ privateComment: "still spam" })).privateComment, "still spam");
  assert.equal((await one().fetch()).privateComment, "still spam");
  assert.deepEqual((await ada.v1.admin.domainBlocks.list()).map((each) => each.id), [made.id]);
  await one().remove();
});

test("somebody is kept out and let in again", async () => {
  const one = () => ada.v1.admin.accounts.$select(cai.id);
  assert.equal((await one().fetch()).email, "cai@kent.example");
  assert.ok((await ada.v1.admin.accounts.list({ local: true })).some((each) => each.id === cai.id));
  await one().action.create({ type: "disable" });
  assert.equal((await one().fetch()).disabled, true);
  assert.equal((await one().enable()).disabled, false);
  await one().action.create({ type: "suspend" });
  assert.equal((await one().unsuspend()).suspended, false);
  assert.equal((await one().unsilence()).silenced, false);
  assert.equal((await one().unsensitive()).sensitized, false);
  // Nobody waits for approval here.
  for (const decide of ["approve", "reject"]) {
    assert.equal((await one()[decide]().catch((error) => error)).statusCode, 403);
  }
  Object.assign(cai, await here.signIn("cai"));
});

test("a report is taken up, resolved and reopened", async () => {
  const status = await cai.write("Buy my grit");
  const made = await ben.v1.reports.create({ accountId: cai.id, statusIds: [status.id], comment: "spam", category: "spam" });
  assert.deepEqual([made.targetAccount.id, made.category, made.statusIds], [cai.id, "spam", [status.id]]);
  const [listed] = await ada.v1.admin.reports.list({ targetAccountId: cai.id });
  assert.equal(listed.id, made.id);
  const one = () => ada.v1.admin.reports.$select(made.id);
  assert.equal((await one().fetch()).statuses[0].id, status.id);
  assert.equal((await one().assignToSelf()).assignedAccount.id, ada.id);
  assert.equal((await one().unassign()).assignedAccount, null);
  assert.equal((await one().resolve()).actionTaken, true);
  assert.equal((await one().reopen()).actionTaken, false);
});

