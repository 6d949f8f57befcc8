"""From an editor's templates and the figure book to the blocks of the document."""
