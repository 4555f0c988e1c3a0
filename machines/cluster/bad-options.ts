/** Thrown for options that make no cluster; says which, and what would be right. */
export class BadOptions extends Error {}
