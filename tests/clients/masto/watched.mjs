// masto.js with an eye on it: every call is noted, and its answer held against the declared type.
import assert from "node:assert/strict";

import { Declared } from "./declared.mjs";
import { OTHERWISE } from "./reasons.mjs";

export const declared = new Declared(OTHERWISE);
export const called = new Set(); // rest v1.accounts.lookup
export const held = { answers: 0 }; // how many answers were held against their types

const methods = Object.fromEntries(
  ["rest", "streaming", "oauth"].map((client) => [client, declared.methods(client)]),
);

// Gives the names of all that the three clients can do.
export function everything() {
  return Object.entries(methods).flatMap(([client, all]) => [...all.keys()].map((name) => `${client} ${name}`));
}

export function holds(types, value, name) {
  if (Object.hasOwn(OTHERWISE, name)) {
    declared.met.add(name);
    return value;
  }
  const faults = declared.faults(types, value);
  assert.deepEqual(faults.map((fault) => fault.text), [], `${name} answers otherwise than declared`);
  held.answers += 1;
  return value;
}

// Gives a client in place of another: the same calls, noted and held.
export function watched(client, target, path = []) {
  return new Proxy(() => {}, {
    // A client is no promise, though `await` asks.
    get: (_, name) =>
      typeof name === "symbol" || name === "then" ? undefined : watched(client, target[name], [...path, name]),
    apply: (_, __, given) => {
      const result = target(...given);
      if (path.at(-1) === "$select") return watched(client, result, path);
      return answered(client, path.join("."), result);
    },
  });
}

function answered(client, name, result) {
  const types = methods[client].get(name);
  assert.ok(types, `${name} is no declared method of the ${client} client`);
  called.add(`${client} ${name}`);
  if (client === "streaming") return result;
  if (result.getDirection === undefined) return result.then((one) => holds(types, one, name));
  return {
    then: (taken, refused) => Promise.resolve(result).then((page) => holds(types, page, name)).then(taken, refused),
    async *[Symbol.asyncIterator]() {
      for await (const page of result) yield holds(types, page, name);
    },
  };
}
