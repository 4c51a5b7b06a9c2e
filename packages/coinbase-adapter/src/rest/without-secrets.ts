/** Tokens, names and texts of keys. */
const secrets = /eyJ[\w-]+(\.[\w-]+)*|organizations\/[^\s"']+|-----BEGIN[\s\S]*/g

/**
 * Returns a text for messages and logs without tokens and keys, should a venue or a proxy have sent back what it was sent.
 *
 * @example
 * ```ts
 * withoutSecrets('bad token eyJhbGciOiJFUzI1NiJ9.e30.c2ln') // => 'bad token [removed]'
 * ```
 */
export const withoutSecrets = (text: string): string => text.replace(secrets, '[removed]')
