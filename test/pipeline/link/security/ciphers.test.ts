import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cmac } from "../../../../pipeline/link/security/cmac.ts";
import { cipherOf } from "../../../../pipeline/link/security/protected-bytes.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const message =
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

/** NIST SP 800-38B, examples D.1 and D.3 as corrected: key, bytes of the message above, code. */
const cmacVectors = [
  ["2b7e151628aed2a6abf7158809cf4f3c", 0, "bb1d6929e95937287fa37d129b756746"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 16, "070a16b46b4d4144f79bdd9dd04a287c"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 40, "dfa66747de9ae63030ca32611497c827"],
  ["2b7e151628aed2a6abf7158809cf4f3c", 64, "51f0bebf7e3b9d92fc49741779363cfe"],
  ["603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", 0, "028962f61b7bf89efc6b551f4667d983"],
  [
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    16,
    "28a7023f452e8f82bd4bf28d8c37c35c",
  ],
  [
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    40,
    "aaf3d8f1de5640c232f5b169b9c911e6",
  ],
  [
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    64,
    "e1992190549f6ed5696a2c056c315410",
  ],
] as const;

describe("AES-CMAC", () => {
  it("is that of NIST SP 800-38B, message after message on one cipher", () => {
    const ciphers = new Map<string, Cmac>();
    for (let round = 0; round < 3; round++) {
      for (const [key, length, code] of cmacVectors) {
        const cmac = ciphers.get(key) ?? new Cmac(hex(key));
        ciphers.set(key, cmac);
        expect(text(cmac.of(hex(message).subarray(0, length)))).toBe(code);
      }
    }
  });

  it("follows the definition for any message: CBC with the last block masked", () => {
    const key = new Uint8Array(32).fill(9);
    const cmac = new Cmac(key);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(text(cmac.of(data))).toBe(text(new Cmac(key).of(data)));
        // A message of two whole blocks and one that padding makes alike must differ: the masks are two.
        const padded = new Uint8Array(Math.ceil((data.length + 1) / 16) * 16);
        padded.set(data);
        padded[data.length] = 0x80;
        expect(text(cmac.of(padded))).not.toBe(text(cmac.of(data)));
      }),
    );
  });
});

describe("AES-GCM of frames", () => {
  it("is that of McGrew and Viega's test case 16: salt and number are the vector", () => {
    const key = hex("feffe9928665731c6d6a8f9467308308".repeat(2));
    const cipher = cipherOf("encrypt", { spi: 0x1000, key, salt: hex("cafebabefacedbad") });
    const header = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const clear = hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    const whole = Uint8Array.from([...header, ...clear]);
    const mac = cipher.seal({ whole, headerBytes: header.length }, 0xdecaf888);
    expect(text(whole.subarray(header.length))).toBe(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
    );
    expect(text(mac)).toBe("76fc6ece0f4e1768cddf8853bb2d551b");
    expect(cipher.open({ whole, headerBytes: header.length }, 0xdecaf888, mac)).toBe(true);
    expect(text(whole.subarray(header.length))).toBe(text(clear));
  });

  it("decrypts nothing that does not verify", () => {
    const cipher = cipherOf("encrypt", { spi: 1, key: new Uint8Array(32), salt: new Uint8Array(8) });
    const whole = new Uint8Array(40).fill(3);
    const mac = cipher.seal({ whole, headerBytes: 8 }, 5);
    const sent = whole.slice();
    expect(cipher.open({ whole, headerBytes: 8 }, 6, mac)).toBe(false);
    mac[0]! ^= 1;
    expect(cipher.open({ whole, headerBytes: 8 }, 5, mac)).toBe(false);
    expect(whole).toEqual(sent);
    // The same cipher by itself agrees.
    const vector = new Uint8Array(12);
    vector[11] = 5;
    const other = createCipheriv("aes-256-gcm", new Uint8Array(32), vector);
    other.setAAD(new Uint8Array(8).fill(3));
    expect(text(other.update(new Uint8Array(32).fill(3)))).toBe(text(sent.subarray(8)));
  });
});
