import type { Encoding } from './csv.encoding.js';

/** Turns bytes into text, piece by piece; without bytes, what is left of a character that was cut. */
export interface Decoder {
  /** Its name, as people are told it. */
  readonly encoding: string;
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/** The letters of the bytes from 128 on in the encodings of DOS, which the platform has no decoder for. */
const DOS: ReadonlyMap<Encoding, string> = new Map([
  [
    'cp850',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
      '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
  [
    'cp852',
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
      '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ],
  [
    'cp437',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
      '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ],
]);

/** The decoder of an encoding that is none of UTF-8. */
export function decoderOf(encoding: Encoding): Decoder {
  const letters = DOS.get(encoding);
  // KOI8-U is the same but for letters of Ukrainian in the place of frames, which no list has.
  if (letters === undefined) return new TextDecoder(encoding === 'koi8-r' ? 'koi8-u' : encoding);
  return {
    encoding,
    decode: (bytes) =>
      Buffer.from(bytes ?? [])
        .toString('latin1')
        .replace(/[\x80-\xff]/g, (byte) => letters[byte.charCodeAt(0) - 0x80] ?? ''),
  };
}
