"""What every page is made of: routes with access, the shell, tables, forms, errors."""
