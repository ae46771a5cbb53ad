// Everything that this server asks of others goes through here: only to this machine, and written down.
import dns from "node:dns";

// Names below .localhost are always loopback (RFC 6761, 6.3), which not every resolver knows.
const lookUp = dns.lookup;
dns.lookup = (name, ...rest) => lookUp(name.endsWith(".localhost") ? "127.0.0.1" : name, ...rest);

export const sent = [];
export const elsewhere = [];

export const schemeOf = (headers) =>
  headers.has("signature-input") ? "rfc9421" : headers.has("signature") ? "cavage" : "none";

const ask = globalThis.fetch;
globalThis.fetch = async (input, options) => {
  const request = new Request(input, options);
  const url = new URL(request.url);
  if (!url.hostname.endsWith(".localhost")) {
    elsewhere.push(url.href);
    throw new TypeError(`${url.hostname} is not on this machine`);
  }
  const response = await ask(request);
  sent.push({ method: request.method, url: url.href, scheme: schemeOf(request.headers), status: response.status });
  return response;
};
