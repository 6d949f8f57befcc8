"""LibreOffice: Word files to PDF, page numbers for the contents, and which fonts were really used."""
