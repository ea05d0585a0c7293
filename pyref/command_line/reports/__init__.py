"""What the commands print: functions that take data and give lines, and a training's progress."""
