"""Numbers of the Proben1 report, as they stand in its tables 3, 7 and 10.

Lutz Prechelt: "PROBEN1 – A Set of Neural Network Benchmark Problems and Benchmarking Rules",
Technical Report 21/94, Fakultät für Informatik, Universität Karlsruhe, 1994.

Table 3 is that of linear networks, without hidden units, over 10 runs (mushroom1: one).  Table 10
is that of "no-shortcut" networks, whose layers read the layer below and nothing else, over 60 runs,
with the hidden layers and outputs that table 7 proposes (the "pivot architectures").  Here they are
without the columns of training and validation errors and of a correlation.  What is left, each with
its mean and its standard deviation (over n − 1):

    test     squared error of the test rows, in per cent: 100 times its mean over rows and outputs
    wrong    test rows whose largest output is that of another class, in per cent
    overfit  GL when the training ended
    total    epochs trained
    best     the epoch with the lowest validation error, whose weights are those that were tested
"""

from typing import Dict, List, NamedTuple, Optional


class Cell(NamedTuple):
    """`deviation` is None where there was one run."""

    mean: float
    deviation: Optional[float]


COLUMNS = ("test", "wrong", "overfit", "total", "best")

TABLE_3 = """
cancer1     3.52  0.04   2.93  0.18  0.55   0.59   129  13   104  31
cancer2     4.77  0.39   5.00  0.61  5.36  10.21    87  51    79  51
cancer3     4.11  0.03   5.17  0.00  0.35   0.64   115  18    92  29
card1      10.61  0.11  13.37  0.67  4.57   1.05    62   9    26   3
card2      14.91  0.55  19.24  0.43  4.22   1.08    65  10    23   5
card3      12.67  0.17  14.42  0.46  1.52   0.69   102   9    44  12
diabetes1  17.22  0.06  25.83  0.56  0.05   0.07   209  50   203  47
diabetes2  17.69  0.04  24.69  0.61  0.02   0.02   209  32   204  34
diabetes3  16.50  0.05  22.92  0.35  0.12   0.17   214  22   185  46
gene1       9.92  0.01  13.64  0.10  0.03   0.07    47   6    43  10
gene2       9.51  0.00  12.30  0.14  0.02   0.03    46   4    40   6
gene3      10.61  0.01  15.41  0.13  0.03   0.06    42   4    39   6
glass1      9.98  0.10  46.04  2.21  3.81   0.42   129  13    23   5
glass2     10.34  0.15  55.28  1.27  5.74   0.67    34   6    14   2
glass3     11.07  0.15  60.57  3.82  1.76   0.57   135  30    27  11
heart1     14.29  0.05  20.65  0.31  1.14   0.45   134  15    41   5
heart2     13.52  0.06  16.43  0.40  0.13   0.09   184  14   146  48
heart3     16.39  0.18  22.65  0.69  0.14   0.23   142  15   113  53
heartc1    16.12  0.04  19.73  0.56  0.15   0.11   128  10   114  23
heartc2     6.34  0.25   3.20  1.56  3.98   0.56   136  22    25  10
heartc3    12.53  0.44  14.27  1.67  6.23   1.15    26   9    12   3
horse1     12.93  0.38  26.70  1.87  6.22   0.57    27   7     9   2
horse2     17.43  0.45  34.84  1.38  5.54   0.47    42  16    13   3
horse3     15.50  0.45  32.42  2.65  6.34   1.07    26   6     8   3
mushroom1  0.011    --   0.00    --  0.00     --  3000  --  3000  --
soybean1    1.16  0.00   9.47  0.51  0.28   0.18   553  11   418  41
soybean2    1.05  0.00   4.24  0.25  0.02   0.02   509  19   504  18
soybean3    1.03  0.00   7.00  0.19  0.03   0.04   533  27   522  28
thyroid1    3.84  0.01   6.56  0.00  0.01   0.03   104  16    99  22
thyroid2    3.71  0.01   6.56  0.00  0.01   0.02    98  16    96  16
thyroid3    4.02  0.00   7.23  0.02  0.02   0.02   114  22   109  21
"""

TABLE_10 = """
cancer1     1.32  0.13   1.38  0.49  3.10   2.54  116  123   95  115
cancer2     3.47  0.28   4.77  0.94  3.82   1.90   54   31   44   28
cancer3     2.60  0.22   3.70  0.52  3.33   1.64   54   20   41   17
card1      10.35  0.29  14.05  1.03  3.54   1.25   30    7   22    5
card2      14.94  0.64  18.91  0.86  3.99   1.52   26    7   17    5
card3      13.47  0.51  18.84  1.19  4.81   3.24   29    7   22    6
diabetes1  16.99  0.91  24.10  1.91  2.23   0.53  201  119  117   83
diabetes2  18.43  1.00  26.42  2.26  2.50   0.50  102   46   70   26
diabetes3  16.48  1.16  22.59  2.23  2.32   0.59  251  132  164   85
gene1       8.66  1.28  16.67  3.75  2.46   0.53  124   58  101   53
gene2       9.54  1.91  18.41  6.93  2.29   0.28  321  284  250  255
gene3      10.84  1.93  21.82  7.53  2.33   0.39  262  183  199  163
glass1      9.24  0.32  32.70  5.34  2.69   0.64   71   31   52   27
glass2     10.09  0.28  55.57  3.70  4.00   1.80   30    9   22    8
glass3     10.74  0.52  58.40  7.82  2.97   1.17   60   30   46   26
heart1     14.19  0.64  19.72  0.96  3.16   2.38   57   15   38   12
heart2     13.61  0.89  17.52  1.14  3.56   3.47   51   15   36   12
heart3     16.79  0.77  24.08  1.12  3.91   4.42   46   13   32   10
heartc1    16.99  0.77  20.82  1.47  5.08   2.64   38   10   30    9
heartc2     5.05  1.36   5.13  1.63  4.83   2.34   25   10   18    9
heartc3    13.79  2.62  15.40  3.20  9.73  10.48   17    6   11    5
horse1     13.32  0.48  29.19  2.62  6.09   2.53   19    3   13    3
horse2     17.68  1.41  35.86  2.46  4.28   1.67   25    7   18    6
horse3     15.86  1.17  34.16  2.32  5.51   3.89   20    5   14    5
soybean1    2.10  0.07  29.40  2.50  3.14   1.99  219  112  159   79
soybean2    0.79  0.22   5.14  1.05  5.06   6.49  417  222  362  202
soybean3    1.25  0.15  11.54  2.32  6.12   7.99  450  273  382  228
thyroid1    1.28  0.12   2.38  0.35  3.99   7.14  377  308  341  280
thyroid2    1.02  0.11   1.91  0.24  4.71   6.86  421  269  388  246
thyroid3    1.26  0.14   2.27  0.32  3.91   9.18  324  234  298  223
"""

# Hidden layers, and what the outputs are: l(inear) or s(igmoid, which there is x/(1 + |x|)).
TABLE_7 = """
cancer1     4+2  l
cancer2     8+4  l
cancer3    16+8  l
card1        32  l
card2        24  l
card3      16+8  l
diabetes1    32  l
diabetes2  16+8  l
diabetes3    32  l
gene1       4+2  l
gene2       4+2  s
gene3       4+2  s
glass1     16+8  l
glass2     16+8  l
glass3     16+8  l
heart1       32  l
heart2       32  l
heart3       32  l
heartc1    16+8  l
heartc2     8+8  l
heartc3      32  l
horse1     16+8  l
horse2     16+8  l
horse3       32  l
soybean1   16+8  l
soybean2     32  l
soybean3     16  l
thyroid1   16+8  l
thyroid2    8+4  l
thyroid3   16+8  l
"""


def split(table: str) -> Dict[str, List[str]]:
    """What follows the name of each problem."""
    lines = [line.split() for line in table.split("\n") if line]
    return {line[0]: line[1:] for line in lines}


def cells(table: str) -> Dict[str, Dict[str, Cell]]:
    """For each problem, the cell of each column."""
    return {
        name: {
            column: Cell(float(mean), None if deviation == "--" else float(deviation))
            for column, mean, deviation in zip(COLUMNS, found[::2], found[1::2])
        }
        for name, found in split(table).items()
    }
