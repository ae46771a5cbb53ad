// What masto.js can do and what it expects to be answered, as its own type declarations say it.
//
//   const declared = new Declared(OTHERWISE);  // Interface.property that may be otherwise: why
//   declared.methods("rest")                   // a map: v1.accounts.$select.follow -> the types of its answers
//   declared.faults(types, value)              // what of a value those types do not allow: [] if nothing
import { fileURLToPath } from "node:url";

import ts from "typescript";

const SOURCE = fileURLToPath(new URL("types.ts", import.meta.url));
const OPTIONS = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};
const { TypeFlags: Flag } = ts;
const PLAIN = [
  [Flag.StringLike, "string"],
  [Flag.NumberLike, "number"],
  [Flag.BooleanLike, "boolean"],
];

export class Declared {
  #checker;
  #given;
  #otherwise;
  met = new Set(); // what of OTHERWISE was in fact otherwise

  constructor(otherwise) {
    this.#otherwise = otherwise;
    const program = ts.createProgram([SOURCE], OPTIONS);
    const [fault] = ts.getPreEmitDiagnostics(program);
    if (fault) throw new Error(ts.flattenDiagnosticMessageText(fault.messageText, "\n"));
    this.#checker = program.getTypeChecker();
    const file = this.#checker.getSymbolAtLocation(program.getSourceFile(SOURCE));
    this.#given = new Map(this.#checker.getExportsOfModule(file).map((one) => [one.name, one]));
  }

  get event() {
    return this.#checker.getDeclaredTypeOfSymbol(this.#given.get("Event"));
  }

  methods(client) {
    const clients = this.#checker.getDeclaredTypeOfSymbol(this.#given.get("Clients"));
    return new Map(this.#under(this.#typeOf(clients.getProperty(client)), []));
  }

  *#under(type, path) {
    for (const symbol of type.getProperties().filter((one) => !one.name.startsWith("__@"))) {
      const kind = this.#typeOf(symbol);
      const here = [...path, symbol.name];
      const calls = kind.getCallSignatures();
      if (symbol.name === "$select") yield* this.#under(calls[0].getReturnType(), here);
      else if (calls.length > 0) yield [here.join("."), calls.map((call) => this.#answered(call))];
      else yield* this.#under(kind, here);
    }
  }

  #typeOf(symbol) {
    return this.#checker.getTypeOfSymbol(symbol);
  }

  // Gives what a call comes to in the end: a page of a paginator, what a promise promises, or what it gives.
  #answered(call) {
    const given = call.getReturnType();
    const page = given.getProperty("getDirection") && given.typeArguments?.[0];
    return page ?? this.#checker.getAwaitedType(given) ?? given;
  }

  faults(types, value, at = "") {
    const found = types.map((type) => this.#faultsOf(type, value, at));
    return found.toSorted((one, other) => one.length - other.length)[0];
  }

  #faultsOf(type, value, at) {
    if (type.flags & (Flag.Any | Flag.Unknown | Flag.Void)) return [];
    if (type.isUnion()) return this.faults(type.types, value, at);
    if (type.isLiteral()) return value === type.value ? [] : [this.#fault(type, value, at)];
    if (type.flags & Flag.Null) return value === null ? [] : [this.#fault(type, value, at)];
    if (type.flags & Flag.Undefined) return value === undefined ? [] : [this.#fault(type, value, at)];
    if (type.flags & Flag.BooleanLiteral) {
      return String(value) === type.intrinsicName ? [] : [this.#fault(type, value, at)];
    }
    const plain = PLAIN.find(([flag]) => type.flags & flag);
    if (plain) return typeof value === plain[1] ? [] : [this.#fault(type, value, at)];
    return this.#faultsOfObject(type, value, at);
  }

  #faultsOfObject(type, value, at) {
    if (typeof value !== "object" || value === null) return [this.#fault(type, value, at)];
    const item = this.#checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) {
      if (!Array.isArray(value)) return [this.#fault(type, value, at)];
      return value.flatMap((one, place) => this.faults([item], one, `${at}[${place}]`));
    }
    return this.#checker.getPropertiesOfType(type).flatMap((property) => {
      const held = value[property.name];
      if (held === undefined && property.flags & ts.SymbolFlags.Optional) return [];
      const faults = this.faults([this.#typeOf(property)], held, `${at}.${property.name}`);
      return faults.length > 0 && this.#isKnown(property) ? [] : faults;
    });
  }

  // Tells whether there is a reason why a property is otherwise than declared, and remembers that it is.
  #isKnown(property) {
    const owner = property.declarations?.[0]?.parent?.name?.text;
    const named = `${owner}.${property.name}`;
    if (!Object.hasOwn(this.#otherwise, named)) return false;
    this.met.add(named);
    return true;
  }

  #fault(type, value, at) {
    return { at, text: `${at || "it"} is ${JSON.stringify(value)}, not ${this.#checker.typeToString(type)}` };
  }
}
