declare module 'virtual:doc-examples' {
  export const examples: readonly {
    readonly name: string
    readonly skip: string | undefined
    load(): Promise<{ run(expect: typeof import('vitest').expect): Promise<void> }>
  }[]
}
