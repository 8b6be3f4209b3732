const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** CRC-32 as zlib counts it (ISO 3309), over the bytes of `data`. */
export const crc32 = (data: ArrayBufferView): number => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let crc = -1;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
};
