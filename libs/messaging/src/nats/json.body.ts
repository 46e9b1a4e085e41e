const decoder = new TextDecoder();

/** What a body of JSON says. @throws SyntaxError */
export function jsonOf(body: Uint8Array): unknown {
  return JSON.parse(decoder.decode(body));
}
