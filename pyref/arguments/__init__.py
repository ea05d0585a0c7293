"""What users say, checked: arguments of Network and Trainer, and what was changed on them since.

Each error names the argument, what was found and what is needed.
"""
