/** A fact that was read, or why it could not be. */
export type Checked<T> = { readonly value: T } | { readonly unknown: string };
