// Accepts and rejects all revisions of a .docx with the npm package docxodus:
// node docxodus_revisions.mjs source.docx accepted.docx rejected.docx
import { readFile, writeFile } from "node:fs/promises";
import * as docxodus from "docxodus/core";

await docxodus.initialize();
const [source, accepted, rejected] = process.argv.slice(2);
const content = new Uint8Array(await readFile(source));
for (const [target, resolve] of [[accepted, "acceptAllRevisions"], [rejected, "rejectAllRevisions"]]) {
  const session = docxodus.openDocxSession(content);
  const result = session[resolve]();
  if (result?.success === false) throw new Error(JSON.stringify(result));
  await writeFile(target, session.save());
  session.close();
}
process.exit(0);
