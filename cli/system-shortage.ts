/** What this machine may lack in the middle of anything, and what helps. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space, or point --out and TMPDIR at a larger one",
  EDQUOT: "your quota is used up: free some space, or point --out and TMPDIR elsewhere",
  EROFS: "the file system is read-only: point --out and TMPDIR at another",
  EMFILE: "too few open files are allowed: ulimit -n 1024, or more",
  ENFILE: "this machine has no file handles left: end other programs",
  ENOMEM: "this machine has no memory left: end other programs",
  EAGAIN: "this machine starts no more processes or threads: end other programs, or raise ulimit -u",
  EIO: "a disk fails",
  ERR_WORKER_OUT_OF_MEMORY: "too little memory: end other programs, or give fewer --threads",
};

/** One line on a failure that is the machine's and not the program's, wherever it broke off; `null`: it is none. */
export const shortageText = (error: unknown): string | null => {
  for (let one = error; one instanceof Error; one = one.cause) {
    const hint = hints[(one as NodeJS.ErrnoException).code ?? ""];
    if (hint !== undefined) return `${one.message.split("\n")[0]}; ${hint}`;
  }
  return null;
};
