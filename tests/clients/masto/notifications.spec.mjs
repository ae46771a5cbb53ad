// What people are told, one by one and in groups, by push and after a second look; reports.
import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";
import { test } from "node:test";

import { ada, ben, cai, here } from "./people.mjs";

async function somethingTold() {
  const { id } = await ada.write("Have you any salt?");
  await ben.v1.statuses.$select(id).favourite();
  return id;
}

test("one is told, once each time, and can put it away", async () => {
  await ada.v1.notifications.clear();
  const id = await somethingTold();
  const [told] = await ada.v1.notifications.list({ types: ["favourite"] });
  assert.deepEqual([told.type, told.account.id, told.status.id], ["favourite", ben.id, id]);
  assert.equal((await ada.v1.notifications.$select(told.id).fetch()).id, told.id);
  assert.equal((await ada.v1.notifications.unreadCount.fetch()).count, 1);
  await ada.v1.notifications.$select(told.id).dismiss();
  assert.deepEqual(await ada.v1.notifications.fetch(), []);
  // Taken back and done again it is news again.
  await ben.v1.statuses.$select(id).unfavourite();
  await ben.v1.statuses.$select(id).favourite();
  assert.equal((await ada.v1.notifications.list()).length, 1);
});

test("the same in groups", async () => {
  await ada.v1.notifications.clear();
  const id = await somethingTold();
  await cai.v1.statuses.$select(id).favourite();
  const { accounts, statuses, notificationGroups: [group] } = await ada.v2.notifications.list();
  assert.deepEqual([group.type, group.notificationsCount, group.statusId], ["favourite", 2, id]);
  assert.deepEqual(accounts.map((one) => one.id).toSorted(), [ben.id, cai.id].toSorted());
  assert.deepEqual(statuses.map((one) => one.id), [id]);
  const one = () => ada.v2.notifications.$select(group.groupKey);
  assert.equal((await one().fetch()).notificationGroups[0].groupKey, group.groupKey);
  assert.equal((await one().accounts.fetch()).length, 2);
  assert.equal((await ada.v2.notifications.unreadCount.fetch()).count, 1);
  await one().dismiss();
  assert.deepEqual((await ada.v2.notifications.list()).notificationGroups, []);
});

test("strangers wait for a second look where one wants that", async () => {
  const { v1, v2 } = cai;
  const quiet = await v2.notifications.policy.update({ forNotFollowing: "filter" });
  assert.equal(quiet.forNotFollowing, "filter");
  assert.equal((await v2.notifications.policy.fetch()).forNotFollowing, "filter");
  const request = async (text, by = ben) => {
    await by.write(`@cai ${text}`);
    return (await v1.notifications.requests.list())[0];
  };
  const first = await request("hello");
  assert.equal((await v1.notifications.requests.$select(first.id).fetch()).account.id, ben.id);
  await v1.notifications.requests.$select(first.id).dismiss();
  assert.deepEqual(await v1.notifications.requests.list(), []);
  const second = await request("hello again");
  await v1.notifications.requests.dismiss({ id: [second.id] });
  const third = await request("and again");
  await v1.notifications.requests.$select(third.id).accept();
  assert.equal((await v1.notifications.requests.merged.fetch()).merged, true);
  const fourth = await request("once more", ada);
  await v1.notifications.requests.accept({ id: [fourth.id] });
  await v2.notifications.policy.update({ forNotFollowing: "accept" });
});

test("push is switched on, changed and off", async () => {
  const keys = createECDH("prime256v1");
  const made = await ada.v1.push.subscription.create({
    subscription: {
      endpoint: "https://push.example/ada",
      keys: { p256dh: keys.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") },
    },
    data: { alerts: { mention: true } },
    policy: "all",
  });
  assert.equal(made.endpoint, "https://push.example/ada");
  assert.equal(made.serverKey, here.instance.configuration.vapid.publicKey);
  assert.equal((await ada.v1.push.subscription.fetch()).alerts.mention, true);
  const changed = await ada.v1.push.subscription.update({ data: { alerts: { mention: false, follow: true } } });
  assert.deepEqual([changed.alerts.mention, changed.alerts.follow], [false, true]);
  await ada.v1.push.subscription.remove();
  const missing = await ada.v1.push.subscription.fetch().catch((error) => error);
  assert.equal(missing.statusCode, 404);
});
