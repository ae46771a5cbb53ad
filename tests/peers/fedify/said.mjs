// What the people of this server do when the test asks: activities made of Fedify's classes and sent by Fedify.
import { parseNodeInfo, signRequest } from "@fedify/fedify";
import {
  Create, Delete, Follow, Like, lookupObject, Mention, Note, Object as Any, Page, PUBLIC_COLLECTION, Tombstone,
  traverseCollection, Undo, Update,
} from "@fedify/vocab";
import { lookupWebFinger } from "@fedify/webfinger";
import { Temporal } from "@js-temporal/polyfill";
import jsonld from "jsonld";

import { federated, followers, keys, objects, told } from "./federation.mjs";

const SCHEMES = { cavage: "draft-cavage-http-signatures-12", rfc9421: "rfc9421" };

export class Speaker {
  // One instance of Fedify for each scheme to knock with first; what they serve is the same.
  constructor(origin, software) {
    this.origin = origin;
    this.federations = Object.fromEntries(
      Object.entries(SCHEMES).map(([scheme, spec]) => [scheme, federated(origin, software, spec)]),
    );
    this.ctx = this.speaking("rfc9421");
  }

  speaking(scheme) {
    return this.federations[scheme].createContext(new URL(this.origin), undefined);
  }

  async options(who) {
    const documentLoader = who ? await this.ctx.getDocumentLoader({ identifier: who }) : this.ctx.documentLoader;
    return { documentLoader, contextLoader: this.ctx.contextLoader, allowPrivateAddress: true };
  }

  async found(who, name) {
    const object = await lookupObject(name, await this.options(who));
    if (object === null) throw new Error(`${name} is not found`);
    return object;
  }

  made(type, values) {
    const object = new type({ id: this.ctx.getObjectUri(Any, { id: crypto.randomUUID() }), ...values });
    objects.set(object.id.href, object);
    return object;
  }

  async act(type, { who, scheme }, values, recipients) {
    const activity = this.made(type, { actor: this.ctx.getActorUri(who), ...values });
    await this.speaking(scheme).sendActivity({ identifier: who }, recipients, activity);
    return activity.id.href;
  }

  // Reading
  async web_finger({ resource }) {
    return await lookupWebFinger(resource, { allowPrivateAddress: true });
  }

  async node_info({ url }) {
    // Fedify's getNodeInfo asks public addresses only; what it does with the answer is this, and strict.
    const { links } = await (await fetch(new URL("/.well-known/nodeinfo", url))).json();
    return parseNodeInfo(await (await fetch(links[0].href)).json());
  }

  async look_up({ who, name }) {
    const object = await this.found(who, name);
    const { document } = await (await this.options(who)).documentLoader(object.id.href);
    return { ...told(object), undefined: await this.undefinedIn(document) };
  }

  // Names that no context defines: that of ActivityStreams makes a blank node of each, which nobody understands.
  async undefinedIn(document) {
    const expanded = await jsonld.expand(document, { documentLoader: this.ctx.contextLoader });
    return [...new Set(JSON.stringify(expanded).match(/"_:[^"]*"/g))];
  }

  async items({ who, name }) {
    const options = await this.options(who);
    const items = [];
    for await (const item of traverseCollection(await this.found(who, name), options)) {
      const object = item.objectId === undefined ? null : await item.getObject(options);
      items.push({ ...told(item), object: object && told(object) });
    }
    return items;
  }

  // A request signed by one scheme and by no other, or by none; spoilt, its signature is one of another address.
  async get({ who, url, scheme, spoilt = false }) {
    let request = new Request(spoilt ? `${url}x` : url, { headers: { Accept: "application/activity+json" } });
    if (scheme) {
      const keyId = new URL("#main-key", this.ctx.getActorUri(who));
      request = await signRequest(request, keys.get(who)[0].privateKey, keyId, { spec: SCHEMES[scheme] });
    }
    const response = await fetch(new Request(url, { headers: request.headers }));
    return { status: response.status, text: await response.text() };
  }

  // Doing
  async follow({ who, scheme, name }) {
    const actor = await this.found(who, name);
    return await this.act(Follow, { who, scheme }, { object: actor.id, to: actor.id }, [actor]);
  }

  async undo({ who, scheme, id, name }) {
    const actor = await this.found(who, name);
    return await this.act(Undo, { who, scheme }, { object: objects.get(id), to: actor.id }, [actor]);
  }

  // A thread by mention as microblogs begin one, or as a Page as the servers of communities do.
  async post({ who, scheme, text, title, mentions, answers }) {
    const actors = await Promise.all(mentions.map((name) => this.found(who, name)));
    const object = this.made(title ? Page : Note, {
      attribution: this.ctx.getActorUri(who),
      name: title,
      content: `<p>${text}</p>`,
      audience: title ? actors[0].id : null,
      replyTarget: answers ? new URL(answers) : null,
      to: PUBLIC_COLLECTION,
      ccs: [...actors.map((actor) => actor.id), this.ctx.getFollowersUri(who)],
      tags: actors.map((actor, at) => new Mention({ href: actor.id, name: mentions[at] })),
      published: Temporal.Now.instant(),
    });
    await this.tell(Create, { who, scheme }, object, actors);
    return object.id.href;
  }

  async edit({ who, scheme, id, text, mentions }) {
    const object = objects.get(id).clone({ content: `<p>${text}</p>`, updated: Temporal.Now.instant() });
    objects.set(id, object);
    await this.tell(Update, { who, scheme }, object, await Promise.all(mentions.map((name) => this.found(who, name))));
  }

  async remove({ who, scheme, id, mentions }) {
    const actors = await Promise.all(mentions.map((name) => this.found(who, name)));
    const { toIds: tos, ccIds: ccs } = objects.get(id);
    objects.set(id, new Tombstone({ id: new URL(id), deleted: Temporal.Now.instant() }));
    await this.act(Delete, { who, scheme }, { object: new URL(id), tos, ccs }, actors);
  }

  async tell(type, by, object, actors) {
    const { toIds: tos, ccIds: ccs, audienceId: audience } = object;
    await this.act(type, by, { object, tos, ccs, audience }, [...actors, ...followers.get(by.who).values()]);
  }

  async like({ who, scheme, id, name }) {
    const actor = await this.found(who, name);
    return await this.act(Like, { who, scheme }, { object: new URL(id), to: actor.id }, [actor]);
  }
}
