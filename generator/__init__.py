"""Department budget disclosure: raw line items in, the document to publish out."""
