"""The screens of the admin: list, filters, exports, one order, and the pages of its actions."""
