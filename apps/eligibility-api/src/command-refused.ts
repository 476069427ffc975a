/** A command was told something wrong; its message is for whoever typed it. */
export class CommandRefused extends Error {}
