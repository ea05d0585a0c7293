/* Mirrors pyref/reference/line_search.py: how far to go along a direction.

   Here too it knows no network: a run is only what `trial_at` is asked about.

   A trial is an evaluation of all rows, and a call of the kernel may have to return in the middle
   of one.  Such a trial is open, and everybody hands it on.  When the search is called again it
   begins at its beginning, and is given what it was given before, without computing, until it
   comes to the trial that was open. */

static const double C1 = 1e-4;
static const double C2 = 0.9;

/* What a step leads to.  What the trials a and b have found is kept: the search may need it. */
static Trial trial_at(Run *run, double step, Trial a, Trial b);

static double cubic_minimum(Trial a, Trial b, double lowest, double highest)
{
    double width;
    if (a.step > b.step) {
        Trial later = a;
        a = b;
        b = later;
    }
    width = b.step - a.step;
    if (width > 0.0) {
        double d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.step - b.step);
        double square = d1 * d1 - a.slope * b.slope;
        if (0.0 <= square && square < double_of(INFINITY_BITS)) {
            double d2 = sqrt_(square);
            double above = b.slope + d2 - d1;
            double below = b.slope - a.slope + 2.0 * d2;
            if (below != 0.0) {
                double place = b.step - width * (above / below);
                place = lowest > place ? lowest : place;
                return highest < place ? highest : place;
            }
            if (above != 0.0)   /* a straight line, which goes down for ever */
                return above < 0.0 ? highest : lowest;
        }
    }
    return (lowest + highest) / 2.0;
}

static int fell_too_little(Trial trial, Trial start)
{
    return trial.loss > start.loss + C1 * trial.step * start.slope;
}

static int is_flat(Trial trial, Trial start)
{
    return abs_(trial.slope) <= -C2 * start.slope;
}

static int place_of_lower(const Trial *bracket)
{
    return bracket[0].loss <= bracket[1].loss ? 0 : 1;
}

static Trial zoom(Run *run, Trial start, Trial *bracket, int trials, double narrowest);

static Trial strong_wolfe(Run *run, Trial start, double step, double narrowest)
{
    Trial both[2] = {start, trial_at(run, step, start, start)};   /* `before` and `trial` */
    int tried;
    for (tried = 0; tried < TRIALS && !both[1].is_open; tried++) {
        Trial before = both[0], trial = both[1];
        double shortest, farther;
        if (fell_too_little(trial, start) || (tried > 1 && trial.loss >= before.loss))
            return zoom(run, start, both, TRIALS - tried, narrowest);
        if (is_flat(trial, start))
            return trial;
        if (trial.slope >= 0.0)
            return zoom(run, start, both, TRIALS - tried, narrowest);
        shortest = trial.step + 0.01 * (trial.step - before.step);
        farther = cubic_minimum(before, trial, shortest, 10.0 * trial.step);
        both[0] = trial;
        both[1] = trial_at(run, farther, before, trial);
    }
    if (both[1].is_open)
        return both[1];
    both[0] = start;
    return both[place_of_lower(both)];
}

static Trial zoom(Run *run, Trial start, Trial *bracket, int trials, double narrowest)
{
    int low = place_of_lower(bracket);
    int was_close = 0;
    for (int tried = 0; tried < trials; tried++) {
        int swapped = bracket[1].step < bracket[0].step;
        double first = bracket[swapped].step, last = bracket[1 - swapped].step;
        double step, margin, nearest;
        int is_close;
        Trial trial;
        if (last - first < narrowest)
            break;
        step = cubic_minimum(bracket[0], bracket[1], first, last);
        margin = 0.1 * (last - first);
        nearest = step - first < last - step ? step - first : last - step;
        is_close = nearest < margin;
        if (is_close && (was_close || step <= first || step >= last)) {
            step = last - step < step - first ? last - margin : first + margin;
            is_close = 0;
        }
        was_close = is_close;

        trial = trial_at(run, step, bracket[0], bracket[1]);
        if (trial.is_open)
            return trial;
        if (fell_too_little(trial, start) || trial.loss >= bracket[low].loss) {
            bracket[1 - low] = trial;
            low = place_of_lower(bracket);
            continue;
        }
        if (is_flat(trial, start))
            return trial;
        if (trial.slope * (bracket[1 - low].step - bracket[low].step) >= 0.0)
            bracket[1 - low] = bracket[low];
        bracket[low] = trial;
    }
    return bracket[low];
}
