// Who lives on this server and how they answer, all of it by Fedify: two people and a community.
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import { Accept, Activity, Endpoints, Follow, Group, Object as Any, Person, Undo } from "@fedify/vocab";

const PEOPLE = { bo: "Bo Larsen", cy: "Cy Pritchard" };
const COMMUNITIES = { potholes: "Potholes" };

export const objects = new Map(); // what was made here, by id
export const heard = []; // what the listener was given once Fedify had believed it
export const keys = new Map();
export const followers = new Map();

for (const name of Object.keys({ ...PEOPLE, ...COMMUNITIES })) {
  keys.set(name, [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")]);
  followers.set(name, new Map());
}

async function actorOf(ctx, name) {
  if (!keys.has(name)) return null;
  const pairs = await ctx.getActorKeyPairs(name);
  return new (name in PEOPLE ? Person : Group)({
    id: ctx.getActorUri(name),
    preferredUsername: name,
    name: PEOPLE[name] ?? COMMUNITIES[name],
    url: ctx.getActorUri(name),
    inbox: ctx.getInboxUri(name),
    outbox: ctx.getOutboxUri(name),
    followers: ctx.getFollowersUri(name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: pairs[0].cryptographicKey,
    assertionMethods: pairs.map((pair) => pair.multikey),
  });
}

// What a reader of this server would be shown: values of Fedify's own classes.
export function told(object) {
  return {
    type: object.constructor.name,
    id: object.id?.href,
    name: object.name?.toString(),
    content: object.content?.toString(),
    by: object.attributionId?.href ?? object.actorId?.href,
    handle: object.preferredUsername?.toString(),
    answers: object.replyTargetId?.href,
    audience: object.audienceId?.href,
    to: [...object.toIds, ...object.ccIds].map((id) => id.href),
    followers: object.followersId?.href,
    outbox: object.outboxId?.href,
    count: object.totalItems,
    keys: "assertionMethodIds" in object ? [object.publicKeyId, ...object.assertionMethodIds].map((id) => id?.href) : [],
  };
}

async function take(ctx, activity) {
  const documentLoader = await ctx.getDocumentLoader({ identifier: ctx.recipient ?? "bo" });
  const object = await activity.getObject({ ...ctx, documentLoader, suppressError: true });
  const { type, id, by } = told(activity);
  heard.push({ type, id, by, named: activity.objectId?.href, object: object && told(object) });
  if (activity instanceof Follow) await accept(ctx, activity);
  if (activity instanceof Undo && object instanceof Follow) {
    followers.get(ctx.parseUri(object.objectId).identifier).delete(by);
  }
}

async function accept(ctx, follow) {
  const { identifier } = ctx.parseUri(follow.objectId);
  const documentLoader = await ctx.getDocumentLoader({ identifier });
  const actor = await follow.getActor({ ...ctx, documentLoader });
  followers.get(identifier).set(actor.id.href, actor);
  const id = new URL(`/accepts/${crypto.randomUUID()}`, ctx.canonicalOrigin);
  await ctx.sendActivity({ identifier }, actor, new Accept({ id, actor: follow.objectId, object: follow }));
}

export function federated(origin, software, firstKnock) {
  const federation = createFederation({ kv: new MemoryKvStore(), origin, firstKnock, allowPrivateAddress: true });
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: software, version: "1.0.0" },
    protocols: ["activitypub"],
    usage: { users: { total: keys.size }, localPosts: objects.size, localComments: 0 },
  }));
  federation
    .setActorDispatcher("/users/{identifier}", actorOf)
    .setKeyPairsDispatcher((_, name) => keys.get(name) ?? []);
  federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [] }));
  federation.setFollowersDispatcher("/users/{identifier}/followers", (_, name) => ({
    items: [...followers.get(name).values()].map((actor) => ({ id: actor.id, inboxId: actor.inboxId })),
  }));
  federation.setObjectDispatcher(Any, "/objects/{id}", (ctx, values) => objects.get(ctx.getObjectUri(Any, values).href));
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .on(Activity, take)
    .onError((_, error) => heard.push({ type: "Error", error: String(error.stack) }));
  return federation;
}
