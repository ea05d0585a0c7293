/* Rows one after the other through genann (Lewis Van Winkle's small C library), without a call
   from Python for each. */

#include "genann.h"

genann *made(int inputs, int hidden, int outputs)
{
    return genann_init(inputs, 1, hidden, outputs);
}

void learn(const genann *network, const double *inputs, const double *targets, long rows,
           long epochs, double rate)
{
    for (; epochs > 0; epochs--)
        for (long r = 0; r < rows; r++)
            genann_train(network, inputs + r * network->inputs, targets + r * network->outputs,
                         rate);
}
