"""The version of the package: here for all who need it and may not import `pyref` itself."""

VERSION = "0.1.0"
