import django.db.models.deletion
import yingshang.squashed
from django.db import migrations, models


CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_words USING fts5"
        "(title, text, tokenize = 'unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE search_words (entry_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_words_gin ON search_words USING gin (words)",
    ],
}


def _create(editor):
    for statement in CREATE[editor.connection.vendor]:
        editor.execute(statement)


def _drop(editor):
    editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    replaces = [('search', '0001_initial'), ('search', '0002_words')]

    initial = True

    dependencies = [
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='SearchEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('face', models.CharField(max_length=10)),
                    ('kind', models.CharField(max_length=40)),
                    ('ref', models.CharField(max_length=60)),
                    ('title', models.CharField(max_length=300)),
                    ('text', models.TextField(blank=True)),
                    ('url', models.CharField(max_length=300)),
                    ('updated_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('face', 'kind', 'ref'), name='one_search_entry_per_thing')],
                },
            ), migrations.CreateModel(
                name='SearchAudience',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audiences', to='search.searchentry')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('entry', 'name'), name='one_search_audience_each')],
                },
            )],
        ),
        yingshang.squashed.OnDatabase(_create, _drop),
    ]
