"""Dialogs that ask how pictures, sheets and sequences are to be written."""
