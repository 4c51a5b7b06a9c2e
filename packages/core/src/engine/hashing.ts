import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** The SHA-256 of UTF-8 text as 64 hex digits, in plain JavaScript: what browsers run and what the fast path is tested against. */
export const portableSha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

// Node's one-shot hash is eight times as fast. Asked for by name at run time, so that no bundler sees a Node import.
const nodeCrypto = globalThis.process?.getBuiltinModule?.('node:crypto')
const nodeHash = nodeCrypto?.hash

/** Returns the SHA-256 of UTF-8 text as 64 hex digits. Synchronous in every runtime, which is why it is not WebCrypto. */
export const sha256Hex: (text: string) => string = nodeHash === undefined ? portableSha256Hex : (text) => nodeHash('sha256', text, 'hex')

/** The SHA-256 of bytes that come in parts, in plain JavaScript. */
export function portableSha256OfParts(parts: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const part of parts) hash.update(part)
  return bytesToHex(hash.digest())
}

/** Returns the SHA-256 of bytes that come in parts, as 64 hex digits. */
export const sha256OfParts: (parts: readonly Uint8Array[]) => string =
  nodeCrypto === undefined
    ? portableSha256OfParts
    : (parts) => {
        const hash = nodeCrypto.createHash('sha256')
        for (const part of parts) hash.update(part)
        return hash.digest('hex')
      }

/**
 * Returns a UUID (version 8, RFC 9562) from the SHA-256 of the parts: the same parts always give the same id.
 *
 * @example
 * ```ts
 * deterministicUuid('store', 'btc', '1') === deterministicUuid('store', 'btc', '1') // => true
 * ```
 */
export function deterministicUuid(...parts: readonly string[]): string {
  const hex = sha256Hex(JSON.stringify(parts))
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  // Joined, not put together piece by piece: such a text keeps its pieces, and a replay keeps an id for every order.
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-')
}
