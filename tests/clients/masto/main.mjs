// Our specs of masto.js, in one process: `COUNCILS={...} node main.mjs`.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MastoHttpError } from "masto";

import { ada } from "./people.mjs";
import "./apps.spec.mjs";
import "./accounts.spec.mjs";
import "./statuses.spec.mjs";
import "./timelines.spec.mjs";
import "./notifications.spec.mjs";
import "./admin.spec.mjs";
import "./streaming.spec.mjs";
import { OTHERWISE, UNSERVED } from "./reasons.mjs";
import { called, declared, everything, held } from "./watched.mjs";

const WANTED = 300;

// Gives why a method is not served, if that is said of it or of a branch that it stands on.
const reason = (name) => Object.entries(UNSERVED).find(([words]) => name === words || name.startsWith(`${words}.`))?.[1];

test("what is not served is refused in JSON", async () => {
  const left = everything().filter((name) => name.startsWith("rest ") && reason(name.slice(5)));
  for (const name of left.map((one) => one.slice(5))) {
    let method = ada.rest;
    for (const part of name.split(".")) method = part === "$select" ? method.$select("1") : method[part];
    const refused = await method({}).then(() => undefined, (error) => error);
    assert.ok(refused instanceof MastoHttpError, `${name} is served after all: call it in a spec`);
    assert.equal(refused.statusCode, 404, name);
  }
});

test("every method of the library is called", () => {
  assert.deepEqual(everything().filter((name) => !called.has(name)), []);
});

test("every reason is needed", () => {
  const methods = everything().map((name) => name.slice(5));
  const idle = Object.keys(UNSERVED).filter((words) => !methods.some((name) => `${name}.`.startsWith(`${words}.`)));
  assert.deepEqual(idle, []);
  assert.deepEqual(Object.keys(OTHERWISE).filter((named) => !declared.met.has(named)), []);
});

test("enough answers were held against their declared types", (context) => {
  context.diagnostic(`answers held against their declared types: ${held.answers}`);
  assert.ok(held.answers >= WANTED, `${held.answers} answers, not ${WANTED}`);
});
