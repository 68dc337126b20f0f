export const FAMILIES: readonly { readonly name: string; readonly programs: () => ReadonlyMap<string, string> }[] = []
