"""Checks that people ask for: are the gradients right, is something odd, are the bits the same?"""
