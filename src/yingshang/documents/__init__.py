"""Documents (材料与文书): what was handed in. For now attachments: small files that belong to something.

A file is known by what it contains, never by its name; it is kept by its digest and handed out only to
whoever may read what it is attached to. Knows cases and other holders only as opaque references.
"""
