"""How fast a trained network answers: one row at a time, and many rows at once."""

from measuring import medians, nanoseconds, print_row, print_title, repeated
from peers import OfPyref, OfReference, Unavailable
from training import PEERS
from works import TRAINING


def show_prediction(options):
    seconds = options.seconds / 3
    columns = {"pyref C": OfPyref, **PEERS, "Python": OfReference}
    for title, method in (("One row, from a list to a list", "answer_one"), ("Bulk", "answer_all")):
        print_title(f"Prediction, one thread. {title}: nanoseconds per row")
        print_row(["network", *columns])
        for work in {work.name: work for work in TRAINING}.values():
            functions, rows = {}, {}
            for name, kind in columns.items():
                try:
                    peer = kind(work)
                except Unavailable:
                    continue
                if name == "sklearn f32":
                    peer.train(1)
                functions[name] = repeated(getattr(peer, method))
                rows[name] = 1 if method == "answer_one" else peer.rows
            found = medians(functions, seconds, options.rounds)
            cells = [nanoseconds(found[n] / rows[n]) if n in found else "" for n in columns]
            print_row([work.name, *cells])
