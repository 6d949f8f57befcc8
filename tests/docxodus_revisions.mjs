// Accepts and rejects all revisions of .docx files with the npm package docxodus:
// node docxodus_revisions.mjs source.docx accepted.docx rejected.docx [source accepted rejected …]
import { readFile, writeFile } from "node:fs/promises";
import { docxDiffAcceptRevisions, docxDiffRejectRevisions, initialize } from "docxodus/core";

await initialize();
const names = process.argv.slice(2);
for (let first = 0; first < names.length; first += 3) {
  const content = new Uint8Array(await readFile(names[first]));
  await writeFile(names[first + 1], await docxDiffAcceptRevisions(content));
  await writeFile(names[first + 2], await docxDiffRejectRevisions(content));
}
process.exit(0);
