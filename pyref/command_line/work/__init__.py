"""What the commands do: files, models and trainings as options describe them, and judging answers.

Nothing in here prints."""
