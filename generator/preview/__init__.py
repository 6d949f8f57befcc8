"""The preview: the document as it will be, in a browser on this machine, and its sources to edit."""
