// A server of the fediverse that is not ours: https for everybody, and for the test alone a control address.
// Usage: server.mjs FOLDER-OF-CERTIFICATE NAME PORT CONTROL-PORT SOFTWARE
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

import { elsewhere, schemeOf, sent } from "./loopback.mjs";
import {
  detachSignature, formatAcceptSignature, signRequest, verifyObject, verifyRequestDetailed,
} from "@fedify/fedify";
import { Activity, PUBLIC_COLLECTION } from "@fedify/vocab";

import { followers, heard, keys } from "./federation.mjs";
import { Speaker } from "./said.mjs";

const [folder, name, port, controlPort, software] = process.argv.slice(2);
const origin = `https://${name}.localhost:${port}`;
const speaker = new Speaker(origin, software);
const loaders = { documentLoader: speaker.ctx.documentLoader, contextLoader: speaker.ctx.contextLoader };

const received = []; // what came to an inbox, and what Fedify's own checks say of it
const asked = []; // what else was asked for
const demand = { rfc9421: false, nonce: null, altering: "" }; // what the test wants of it just now

// A proof is made before an LD signature is added, which is therefore no part of what it covers.
async function proved(json) {
  if (json?.proof === undefined) return null;
  const activity = await verifyObject(Activity, detachSignature(json), loaders);
  return activity?.actorId.href ?? "not proved";
}

async function judged(request, body) {
  const verdict = await verifyRequestDetailed(request.clone(), loaders);
  return {
    to: new URL(request.url).pathname,
    scheme: schemeOf(request.headers),
    input: request.headers.get("signature-input"),
    signer: verdict.verified ? verdict.key.ownerId.href : null,
    undefined: await speaker.undefinedIn(body),
    proof: await proved(body),
    proof_inside: await proved(body.object),
    activity: body,
  };
}

function challenge() {
  if (demand.nonce === null) return {};
  const components = ["@method", "@target-uri", "@authority", "content-digest"].map((value) => ({ value, params: {} }));
  return {
    "Accept-Signature": formatAcceptSignature([{ label: "sig1", components, parameters: { nonce: demand.nonce, created: true } }]),
  };
}

async function answer(request) {
  if (request.method !== "POST") {
    asked.push({ url: request.url, scheme: schemeOf(request.headers) });
    return await speaker.federations.rfc9421.fetch(request, { contextData: undefined });
  }
  const body = await request.clone().json();
  const entry = await judged(request, body);
  const refused = entry.signer === null || (demand.rfc9421 && entry.scheme !== "rfc9421");
  const response = refused
    ? new Response("", { status: 401, headers: challenge() })
    : await speaker.federations.rfc9421.fetch(request, { contextData: undefined });
  received.push({ ...entry, status: response.status });
  if (response.ok && entry.to === "/users/potholes/inbox" && body.type !== "Follow") await passOn(body);
  return response;
}

// A community wraps what its members did, unmodified (FEP-1b12): typed and written again it would lose its proof.
async function passOn(body) {
  const community = speaker.ctx.getActorUri("potholes");
  const announce = JSON.stringify({
    "@context": "https://www.w3.org/ns/activitystreams",
    id: `${origin}/announces/${crypto.randomUUID()}`,
    type: "Announce",
    actor: community.href,
    to: [PUBLIC_COLLECTION.href],
    cc: [speaker.ctx.getFollowersUri("potholes").href],
    object: demand.altering ? { ...body, object: { ...body.object, content: demand.altering } } : body,
  });
  const keyId = new URL("#main-key", community);
  for (const inbox of new Set([...followers.get("potholes").values()].map((actor) => actor.inboxId.href))) {
    const request = new Request(inbox, {
      method: "POST", body: announce, headers: { "Content-Type": "application/activity+json" },
    });
    await fetch(await signRequest(request, keys.get("potholes")[0].privateKey, keyId, {
      spec: "draft-cavage-http-signatures-12",
    }));
  }
}

const control = {
  seen: async () => ({ received, asked, heard, sent, elsewhere }),
  demand: async (wanted) => Object.assign(demand, { rfc9421: false, nonce: null, altering: "" }, wanted),
};

async function bytesOf(message) {
  const parts = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}

async function serve(message, reply) {
  const body = message.method === "POST" ? await bytesOf(message) : undefined;
  const headers = new Headers(Object.entries(message.headers).filter(([key]) => !key.startsWith(":")));
  try {
    const response = await answer(new Request(`${origin}${message.url}`, { method: message.method, headers, body }));
    reply.writeHead(response.status, Object.fromEntries(response.headers)).end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    heard.push({ type: "Error", error: String(error.stack) });
    reply.writeHead(500).end();
  }
}

async function command(message, reply) {
  const what = message.url.slice(1);
  const values = JSON.parse(await bytesOf(message));
  try {
    const result = what in control ? await control[what](values) : await speaker[what](values);
    reply.writeHead(200).end(JSON.stringify(result ?? null));
  } catch (error) {
    reply.writeHead(500).end(JSON.stringify({ error: String(error.stack), cause: String(error.cause ?? "") }));
  }
}

const tls = { cert: readFileSync(`${folder}/node.pem`), key: readFileSync(`${folder}/node-key.pem`) };
https.createServer(tls, serve).listen(Number(port), "127.0.0.1");
http.createServer(command).listen(Number(controlPort), "127.0.0.1", () => console.log("ready"));
