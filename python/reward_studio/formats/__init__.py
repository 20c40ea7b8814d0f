"""Row shapes: the declarations that TypeScript reads too, interpreted to the same records or the same error codes."""
