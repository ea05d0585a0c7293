"""What the commands do, and Python that wants the same: files, models and trainings as options
describe them, and judging answers.

Nothing in here prints."""
