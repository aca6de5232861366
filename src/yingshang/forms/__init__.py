"""Forms (表单) and materials (材料): what is asked of an applicant, once, and what it hands in, once.

A form is content; what it shows, asks and finds wrong follows from its definition, the answers and the
facts by pure functions, the same for a preview and for an application. Drafts may be incomplete;
a submission is frozen for ever. Knows facts and documents, not cases and not services.
"""
