"""A notebook that is executed.  Skips where there is nothing to do that with; with
PYREF_NOTEBOOK=1 in the environment that is an error."""

import os

import pytest

CELLS = [
    "from pyref import Network, Trainer",
    "network = Network([2, 4, 1], seed=1); network",
    "Trainer(network).train([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], verbose=True)",
]


def test_networks_histories_and_the_progress_of_a_training():
    try:
        import ipykernel  # noqa: F401
        import nbclient
        import nbformat
    except ImportError:
        if os.environ.get("PYREF_NOTEBOOK") == "1":
            raise
        pytest.skip("nbclient, nbformat or ipykernel is not installed")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    pages = [output.data["text/html"] for output in outputs if "data" in output]
    assert "layer 2" in pages[0] and "<svg" in pages[1]
    streams = "".join(output.text for output in outputs if output.output_type == "stream")
    assert streams.rstrip().split("\r")[-1].strip().startswith("epoch 100 of 100, loss ")
