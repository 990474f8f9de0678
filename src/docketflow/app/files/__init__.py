"""Files that leave the app: tables, workbooks, pictures, citations. Each says by itself what it is of."""
