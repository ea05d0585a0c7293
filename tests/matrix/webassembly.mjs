// `python3 -m pyref selftest` with Pyodide: CPython compiled to WebAssembly.
//
//     node webassembly.mjs PYODIDE FOLDER        where Pyodide is, and where pyref/ is

import { pathToFileURL } from "node:url";

const [pyodide, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide();
python.FS.mkdirTree("/bare");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/bare");
process.exitCode = python.runPython(`
import sys
sys.path.insert(0, "/bare")
from pyref.command_line import main
main(["selftest"])
`);
